"""The lock of the API: lets in who sends a valid key, and never touches the model."""
