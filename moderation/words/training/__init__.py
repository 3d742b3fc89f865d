"""How the classifier of words is made: grammars → sentences → weights. Never imported by a chat."""
