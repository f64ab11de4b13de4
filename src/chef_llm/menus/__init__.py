"""What a free-text answer names, and what code adds to it."""
