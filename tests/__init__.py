from .tiering import test_smoke
