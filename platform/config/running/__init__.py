"""Start the platform on one machine: the web server, the workers and the beat, under one supervisor."""
