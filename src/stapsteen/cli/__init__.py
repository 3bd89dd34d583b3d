"""The commands behind `./stapsteen`. Nothing here imports Django at the top: commands must start quickly."""
