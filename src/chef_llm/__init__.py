"""献立シェフ: a Japanese menu planner on an open language model, served from AWS Lambda."""

__version__ = "0.1.0"
