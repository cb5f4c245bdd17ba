"""Pure imaging: grids, reading, label maps, payloads, resampling, previews. No Django in here.

Arrays are indexed [x, y, z]; affines are RAS+ and in millimetres; volumes are in millilitres.
"""
