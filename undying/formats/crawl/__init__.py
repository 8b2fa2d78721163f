"""Crawls: what somebody saved of a site that is gone, read back into stories.

A WARC or ARC file, or a folder of saved pages, is a heap of captures: the same page at many addresses, some pages
never, some as the warning that stood before them. `tape` and `saved` find the captures, `index` sorts them by what they
show, `efiction_*` and `ao3_*` read the pages of one story at a time, `reader` tells what became of every capture.
"""

from undying.formats.crawl.reader import READER as READER
