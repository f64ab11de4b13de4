from hypothesis import settings

# No deadline for an example: the first one may load the cookbook, and the machine may be busy.
settings.register_profile("chef", deadline=None)
settings.load_profile("chef")
