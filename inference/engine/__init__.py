"""Networks and what surrounds them: recipes, training, sliding window, post-processing. Pure: no Django.

`recipe`, `preparation`, `postprocessing` and `baseline` need no torch; the rest does.
"""
