"""How fast the workbench is, in a browser and on a platform that really runs."""
