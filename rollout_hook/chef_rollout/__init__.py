"""Asks a new version for a menu before anyone else does, and stops its roll-out if it fails."""
