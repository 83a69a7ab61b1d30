"""Files made by h5py, dcnum and dclab that hold what real and unusual files hold."""
