"""compare_feature.py FILE SOURCE FEATURE: does dclab read the feature of FILE as that of SOURCE?

Prints one line of JSON: how many events FILE has, whether the feature lies in FILE itself, whether it comes from a basin and whether it
equals that of SOURCE.
"""

import json
import sys

import dclab
import h5py
import numpy as np

path, source, feature = sys.argv[1:4]
with h5py.File(path) as h5:
    is_own = "events" in h5 and feature in h5["events"]
with dclab.new_dataset(path) as ds, dclab.new_dataset(source) as original:
    print(
        json.dumps(
            {
                "events": len(ds),
                "isOwn": is_own,
                "isOfBasin": feature in ds.features_basin,
                "isEqual": feature in ds and np.array_equal(np.asarray(ds[feature][:]), np.asarray(original[feature][:])),
            }
        )
    )
