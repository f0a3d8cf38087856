# What Bash has beyond helpers.sh. Runs with Bash 3.2 and later.

remove-octopustarget() { remove_octopustarget "$@"; }
