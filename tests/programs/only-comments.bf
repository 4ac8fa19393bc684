nothing to do here
