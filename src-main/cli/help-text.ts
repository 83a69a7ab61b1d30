/** What `weir --help` prints. Only what this version does is in it. */
export const HELP_TEXT = `Weir rewrites, records, inspects and verifies deformability-cytometry files (.rtdc), and makes files that refer to others.

Usage:
  weir rewrite INPUT... (--out FILE | --out-dir DIR) [options]
  weir basins  --out FILE --basin PATH [--alternative PATH ...] [--basin ...] [options]
  weir record  --out FILE (--replay FILE | --simulate FRAMES) [options]
  weir inspect FILE [--json]
  weir verify  FILE... [--deep] [--json]
  weir run     JOB.json [--json]
  weir --help | --version

rewrite: one verified output for each input
  --out FILE              the output, for one input
  --out-dir DIR           folder of the outputs; made if only it is missing
  --name TEMPLATE         their names, default {stem}; tokens {stem} {date} {run} {sample} {task} {n} {id7}
  --features WHICH        all (default), scalar, or names as deform,area_um,trace
  --events A:B[:S]        rows from A up to, not including, B, every S-th; A or B may be left out
  --indices FILE          rows listed in a text file, one 0-based number a line, # starts a comment
  --metadata WHICH        attributes,logs,tables (default: all three) or none
  --basins keep|drop|fill what refers to other files (default keep); fill copies in what basins provide
  --threads N             threads for compression (default: one a core)
  --dry-run               check everything, say what would be written, write nothing

basins: a small verified file that refers to others for its features
  --out FILE              the output
  --basin PATH            a measurement to refer to; again for each further one
  --alternative PATH      another path of the basin before it: the same measurement in another place
  --paths STYLE           how paths are written: absolute, relative (to the output's folder) or both (default)
  --events, --indices     as for rewrite: the rows of every basin that the output has as events (default: all)
  --overwrite             replace an existing output, after the new one is verified

record: frames through the queue writer into a file
  --out FILE              the output
  --replay FILE           the source is another measurement
  --readers N             its readers, 1 to 64 (default 2)
  --simulate FRAMES       the source is a simulated instrument, up to 100,000,000 frames
  --rate FPS              frames a second (default: as fast as the writer takes them)
  --seed N                of the order of arrival and the simulated instrument (default 42)
  --threshold N           frames sorted and written together (default 500)
  --metadata FILE         JSON file with root attributes, {"section:key": value}

rewrite and record
  --compression CODEC     auto (default): what suits each feature, found by trying; zstd, gzip or none
  --aim AIM               of auto: balanced (default), fast or small
  --by-frame              of auto: images shuffled by frame, smaller still; h5py, dclab, dcnum and all
                          else built on HDF5 reads them right, kerchunk, pyfive and others do not
  --level N               zstd 1 to 22, gzip 0 to 9 (default 5)
  --shuffle               reorder bytes before compression (rewrite); without --compression: zstd
  --no-checksum           leave out the checksum of each chunk
  --verify LEVEL          standard (default): every chunk is read back; independent: HDF5 itself reads every value; none
  --overwrite             replace an existing output, after the new one is verified; what an interrupted recording
                          left under the temporary name is moved aside, never deleted

rewrite and record --replay
  --holes refuse|fill     pieces of features that were never written: an error (default), or their fill values, with
                          a warning; logs and tables with such a piece are left out, or filled too

rewrite, basins and record --replay
  --lengths refuse|cut    features of different lengths: an error (default), or the rows that all chosen ones have

verify
  --deep                  a second reader, the HDF5 library itself, reads every value too

everywhere
  --json                  standard output is one JSON object a line
  --                      ends the options: what follows are files

Exit: 0 all done, 1 something failed (verify: damage or a violation), 2 refused and nothing written, 130 cancelled.
Ctrl-C cancels; on record the first one stops and keeps the recording, the second one aborts.
`
