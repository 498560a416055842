rules = {
    "locked": {"coin": "unlocked", "push": "locked"},
    "unlocked": {"coin": "unlocked", "push": "locked"},
}
state = "locked"
for event in "push coin coin push push".split():
    before = state
    state = rules[state][event]
    print(f"{before} --{event}--> {state}")
