"""How the shipped reader was made: recipes, training pairs, the loop and the scores. Nothing outside imports it."""
