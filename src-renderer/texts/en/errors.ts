/** What each code of an error means in plain words: what happened, why most likely, what can be done. */
export const errors = {
  E_EXCHANGED: {
    title: 'Something took the place of the output while it was written.',
    cause: 'Another program moved, replaced or removed the file.',
    remedy: 'Let only one program write there, and run the job again. The original was not touched.',
  },
  E_EXISTS: {
    title: 'There is a file already where the output should go.',
    cause: 'An earlier job wrote it, left its temporary file behind, or is still writing it.',
    remedy: 'Start again and replace it, or add the file once more with another name or folder.',
  },
  E_SAME: {
    title: 'The output would have replaced its own input.',
    cause: 'Name and folder of the output lead to the very file that is read, perhaps through a link.',
    remedy: 'Add the file again with another name or folder. The original was not touched.',
  },
  E_OUT_FOLDER: {
    title: 'The folder for the output is not there.',
    cause: 'It was moved, renamed or deleted, or its drive is not connected.',
    remedy: 'Connect the drive or create the folder, then try again; or choose another folder.',
  },
  E_OUT_PERM: {
    title: 'Weir may not write into the folder for the output.',
    cause: 'The folder belongs to someone else or is set to read-only.',
    remedy: 'Choose a folder of your own, or ask for the right to write there, then try again.',
  },
  E_OUT_PATH: {
    title: 'The name of the output is too long.',
    cause: 'File systems take names of limited length only.',
    remedy: 'Add the file again with a shorter name for the output.',
  },
  E_OUT_SPACE: {
    title: 'The disk for the output is full.',
    cause: 'There is less room than the output needs, or a file there may not become that large.',
    remedy: 'Make room or choose another disk, then try again.',
  },
  E_MISSING: {
    title: 'The file is not there any more.',
    cause: 'It was moved, renamed or deleted, or its drive is not connected.',
    remedy: 'Bring it back to its place or connect the drive, then try again.',
  },
  E_KIND: {
    title: 'This is no ordinary file.',
    cause: 'The path leads to a folder or a device.',
    remedy: 'Choose a measurement file instead.',
  },
  E_MAGIC: {
    title: 'This is not an HDF5 file.',
    cause: 'Its name ends in .rtdc, but its content is of another kind.',
    remedy: 'Look where the file came from; the measurement may have another name.',
  },
  E_UNFINISHED: {
    title: 'Weir has not finished this file.',
    cause: 'A job still writes it, or was interrupted: the index, which comes last, is missing.',
    remedy:
      'Wait until the job has ended, or start it again. Keep what is left of a recording, and record under another name.',
  },
  E_SHORT: {
    title: 'The file is empty, or too short to be a measurement.',
    cause: 'It was not copied completely, or the recording never began.',
    remedy: 'Copy it again from where it came from.',
  },
  E_NOT_RTDC: {
    title: 'This is an HDF5 file, but not an RT-DC measurement.',
    cause: 'It has no group /events; another program made it.',
    remedy: 'Choose a file with events.',
  },
  E_TRUNC: {
    title: 'The end of the file is missing.',
    cause: 'A copy was interrupted, or a tool or drive cut it at its largest size.',
    remedy: 'Copy it again from where it came from.',
  },
  E_META: {
    title: 'The file is damaged inside.',
    cause: 'Bytes that describe its structure are wrong: a bad copy, or a disk that fails.',
    remedy: 'Copy it again or take a backup. The job can leave the damaged object out if it is not needed.',
  },
  E_SUPER: {
    title: 'The head of the file is damaged.',
    cause: 'A bad copy, a disk that fails, or a kind of file that Weir does not know.',
    remedy: 'Copy it again or take a backup.',
  },
  E_CHUNK: {
    title: 'A piece of data in the file is damaged.',
    cause: 'Its checksum or its compression does not fit: a bad copy, or a disk that fails.',
    remedy: 'Copy the file again or take a backup; or leave out the feature that is named.',
  },
  E_HOLE: {
    title: 'A piece of data was never written to the file.',
    cause: 'The recording was interrupted; other programs would show zeros there.',
    remedy:
      'Take another copy of the file, leave out the feature that is named, or run again with fill values in its place.',
  },
  E_LEN: {
    title: 'The features do not have the same number of events.',
    cause: 'The program that wrote the file was interrupted.',
    remedy:
      'Leave out the features that are too short, or run again with common rows: those that all features have.',
  },
  E_FILTER: {
    title: 'The file is compressed in a way that Weir cannot read.',
    cause: 'It needs a filter that does not come with Weir.',
    remedy: 'Write it anew with the program that made it, or leave out the feature that is named.',
  },
  E_TYPE: {
    title: 'An object in the file has a type that Weir cannot handle.',
    cause: 'The file departs from the format where the details say.',
    remedy: 'Leave out the object that is named, or write the file anew with the program that made it.',
  },
  E_FEATURE: {
    title: 'The file does not have a feature that was chosen.',
    cause: 'The choice was made for another file.',
    remedy: 'Add the file again and choose among the features that it has.',
  },
  E_RANGE: {
    title: 'Events were chosen that the file does not have.',
    cause: 'The choice was made for a longer file.',
    remedy: 'Add the file again and choose among its events.',
  },
  E_BASIN: {
    title: 'A basin cannot be used.',
    cause: 'Its rows cannot be selected, or its file is missing or is another measurement.',
    remedy: 'Take all events, or choose to leave basins out.',
  },
  E_LINK: {
    title: 'A link was not followed.',
    cause: 'Links in a folder may lead anywhere.',
    remedy: 'Add the file that it leads to itself.',
  },
  E_LIMIT: {
    title: 'The folder was searched only in part.',
    cause: 'There is more in it than Weir looks through at once.',
    remedy: 'Add smaller folders, or the files themselves.',
  },
  E_GONE: {
    title: 'The process that did the work ended in the middle.',
    cause: 'It crashed, ran out of memory, or Weir or the computer was shut down.',
    remedy: 'Try again. If it happens again, copy the report and tell those who maintain Weir.',
  },
  E_GROWING: {
    title: 'The file changed while it was read.',
    cause: 'It is still being recorded or copied.',
    remedy: 'Wait until the other program has finished, then try again.',
  },
  E_PERM: {
    title: 'Weir has no permission for this file.',
    cause: 'It belongs to someone else, or its disk is read-only.',
    remedy: 'Ask for the right to read it, or copy it to a folder of your own.',
  },
  E_BUSY: {
    title: 'Another program is using the file.',
    cause: 'It is open elsewhere, and that program lets nobody else in.',
    remedy: 'Close it there, then try again.',
  },
  E_IO: {
    title: 'The disk reported an error.',
    cause: 'A network drive was disconnected, a drive was pulled out, or a disk fails.',
    remedy: 'Look after the drive, then try again.',
  },
  E_VERIFY: {
    title: 'The output did not pass its verification, so it did not get its name.',
    cause:
      'What was stored or read back is not what went in: a disk or memory that fails, or a mistake in Weir.',
    remedy: 'Try again, on another disk if you can. The original was not touched.',
  },
  E_CANCELLED: {
    title: 'Cancelled.',
    cause: 'You asked for it.',
    remedy: 'Try again whenever you like.',
  },
  E_INTERNAL: {
    title: 'Weir made a mistake.',
    cause: 'Something happened that its makers did not foresee.',
    remedy: 'Copy the report and tell those who maintain Weir. The original was not touched.',
  },
  E_ATTRIBUTE: {
    title: 'An attribute is too large for the output.',
    cause: 'HDF5 keeps attributes of up to 64 kB in this place.',
    remedy: 'Choose not to copy the attributes, or shorten the one that is named.',
  },
  E_BOMB: {
    title: 'A piece of data unpacks to far more than it should.',
    cause: 'The file is damaged, or was made to do harm.',
    remedy: 'Do not use this file; take another copy.',
  },
  E_CHUNKSIZE: {
    title: 'A piece of data is larger than Weir can work with.',
    cause: 'The file was made with pieces far beyond the usual, or it is damaged.',
    remedy: 'Leave out the feature that is named, or write the file anew in smaller pieces.',
  },
  E_CODEC: {
    title: 'Weir cannot compress with Zstandard here.',
    cause: 'Its part for this kind of computer is missing.',
    remedy: 'Install Weir again, or choose gzip.',
  },
  E_CYCLE: {
    title: 'The structure of the file leads in a circle.',
    cause: 'The file is damaged, or was made to do harm.',
    remedy: 'Take another copy.',
  },
  E_DIMS: {
    title: 'A dataset has a size that Weir cannot handle.',
    cause: 'It holds too much in one piece, or its size is impossible, as in a damaged file.',
    remedy:
      'Leave out the object that is named, or write it in smaller pieces; take another copy if the file is damaged.',
  },
  E_LAYOUT: {
    title: 'A dataset is stored in a way that Weir cannot read.',
    cause: 'It uses a rare layout of HDF5.',
    remedy: 'Leave it out, or write the file anew with the program that made it.',
  },
  E_FRAME: {
    title: 'A frame arrived that does not fit the recording.',
    cause: 'It came twice, or its events do not have the shape of the others.',
    remedy: 'What was complete is kept as a file of its own. Look after the source.',
  },
  E_FRAMES: {
    title: 'Frames of the recording never arrived.',
    cause: 'The source ended before it had delivered what it announced.',
    remedy: 'What arrived is kept as a file of its own. Look after the source.',
  },
  E_ZSTD_FRAMES: {
    title: 'Other programs read wrong values from a piece of data, or none.',
    cause: 'It was compressed in a form that the zstd filter of HDF5 does not know.',
    remedy: 'Rewrite the file: Weir reads the right values and stores them anew.',
  },
  E_NAME: {
    title: 'The system does not accept a name.',
    cause: 'It holds characters or endings that are not allowed here.',
    remedy: 'Add the file again with another name.',
  },
  E_SIZE: {
    title: 'A file is larger than Weir takes there.',
    cause: 'Most likely it is not the file that was meant.',
    remedy: 'Choose another file.',
  },
  E_TIMEOUT: {
    title: 'There was no answer in time.',
    cause: 'The drive is very slow or not on this computer, or the file is damaged.',
    remedy: 'Copy the file to this computer, then try again.',
  },
  E_USAGE: {
    title: 'The settings of the job do not go together.',
    cause: 'They were changed by hand, or come from another version.',
    remedy: 'Add the file again with other settings.',
  },
  E_APPEND: {
    title: 'Weir made a mistake: it tried to write to a finished dataset.',
    cause: 'Something happened that its makers did not foresee.',
    remedy: 'Copy the report and tell those who maintain Weir.',
  },
  E_CLOSED: {
    title: 'Weir made a mistake: it wrote to a file that was closed already.',
    cause: 'Something happened that its makers did not foresee.',
    remedy: 'Copy the report and tell those who maintain Weir.',
  },
  E_MESSAGE: {
    title: 'The parts of Weir did not understand each other.',
    cause: 'They come from different versions.',
    remedy: 'Close Weir and start it again; if that does not help, install it again.',
  },
  E_QUEUE: {
    title: 'The queue could not do that.',
    cause: 'The job is not in the state that it takes.',
    remedy: 'Look at the state of the job, then try again.',
  },
  E_REQUEST: {
    title: 'The window asked for something that Weir does not allow.',
    cause: 'Something happened that its makers did not foresee.',
    remedy: 'Copy the report and tell those who maintain Weir.',
  },
  recordingInTheWay: {
    title: 'An earlier recording lies where this one would be written.',
    cause: 'What an aborted recording has is kept under the temporary name.',
    remedy: 'Move it away or record under another name. Weir never deletes a recording.',
  },
  other: {
    title: 'The job failed.',
    cause: 'See what Weir says about it.',
    remedy: 'Try again. If it happens again, copy the report and tell those who maintain Weir.',
  },
} as const

/** What each code of a warning means, as the heading of its group. */
export const warnings = {
  W_ASIDE: 'What an earlier run had left was moved aside',
  W_ATTRIBUTE: 'Attributes that could not be read',
  W_BASIN: 'Basins that could not be understood',
  W_BASIN_PATH: 'Basins whose paths were completed',
  W_CONTOUR: 'Contours outside of the usual numbering',
  W_COUNT: 'The number of events that the file states is wrong',
  W_CUT: 'Rows that were left out because not all features have them',
  W_DIMENSION: 'References to netCDF dimensions, which were not carried over',
  W_DIRTY: 'The input was not closed properly, or is still being written',
  W_EMPTY: 'Empty objects that were not written',
  W_EXT: 'Data in other files, which was not followed',
  W_FEATURE: 'Features that were left out',
  W_GROUP: 'Groups of an unknown kind, copied whole',
  W_GROWING: 'The input is still being written, or was not closed: what was there was taken',
  W_HOLE: 'Objects of which a piece was never written: left out, or filled',
  W_INCOMPLETE: 'A recording that could not be completed',
  W_INTERNAL: 'A mistake of Weir itself',
  W_KEPT: 'A recording that was kept under its temporary name',
  W_LEFT_OUT: 'Parts that were left out',
  W_LEFTOVER: 'A temporary file that could not be removed',
  W_LINK: 'Links that were not followed',
  W_LOG: 'Logs that stay as they are',
  W_LOST: 'A recording that another program has removed or replaced',
  W_NO_EVENTS: 'No event is selected',
  W_QUEUE: 'The queue could not be saved',
  W_QUIT: 'Weir quits when the running jobs are done',
  W_RECODED: 'Values that other programs misread in the source and that were stored anew',
  W_SELECTED: 'Other names of features, which have the chosen events only',
  W_SHOWN: 'Parts of the file that are not shown',
  W_SPACE: 'There may be too little room on the disk',
  W_TYPE: 'Objects of a type that is not carried over',
  other: 'Other warnings',
} as const
