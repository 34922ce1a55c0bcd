env -i PATH=/bin sh -c 'set' | grep -v HOSTNAME
