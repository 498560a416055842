roads = {
    "home": ["shop", "park"],
    "shop": ["home", "station"],
    "park": ["home", "lake"],
    "lake": ["park", "station"],
    "station": ["shop", "lake", "airport"],
    "airport": ["station"],
}
came_from = {"home": ""}
waiting = ["home"]
while waiting:
    here = waiting.pop(0)
    for place in roads[here]:
        if place not in came_from:
            came_from[place] = here
            waiting.append(place)
way = []
stop = "airport"
while stop != "":
    way.insert(0, stop)
    stop = came_from[stop]
print(" > ".join(way))
