"""Offline: the corpus, the tokenizer, the training and the evaluation of `kondate`."""
