"""What an owner uses beside the function: command line, models to pull and size, costs.

Nothing of this is in the Lambda package.
"""
