PATTERN = "undying.works-*"
SHARDS = 2
