"""The demo's five services with invented people, made through the actions, day after day, up to today."""
