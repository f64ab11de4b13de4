"""Models from the hub, or from one's own disk: pulled, checked, converted, checked again."""
