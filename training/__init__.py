"""Makes the models that the recogniser ships: data, augmentation, networks, reports."""
