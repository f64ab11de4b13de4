"""What a stack costs, from the template's own numbers: for whoever pays for it."""
