"""Where models are described, loaded, run and sampled."""
