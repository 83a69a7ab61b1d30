"""The checks of test/interop: what others see in the files that Weir writes."""
