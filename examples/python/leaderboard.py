players = [
    {"name": "Ada", "points": 310},
    {"name": "Kurt", "points": 250},
    {"name": "Grace", "points": 420},
]
place = 0
while players:
    best = 0
    for i in range(1, len(players)):
        if players[i]["points"] > players[best]["points"]:
            best = i
    place += 1
    print(f"{place}. {players[best]['name']} {players[best]['points']}")
    del players[best]
