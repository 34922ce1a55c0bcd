while read l; do ls /proc/$$/fd; break; done <script.sh
