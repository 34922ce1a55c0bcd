trap '' USR1; sh -c 'kill -USR1 $$; echo survived; trap "echo x" USR1; kill -USR1 $$; trap'; (kill -USR1 $$; echo sub)
