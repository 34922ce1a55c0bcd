set -e; echo x > /nonexistent/f; echo no
