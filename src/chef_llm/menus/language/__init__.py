"""Reading Japanese requests: the words, what they mean, and what is left out."""
