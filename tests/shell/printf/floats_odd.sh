printf '%f %e %g %E %G\n' 1.5 1.5 1.5 1e10 1e-10; printf '%.2f %5.1f|%-8.3f|%08.2f|%+f\n' 3.14159 2.55 1.0 2.5 1; printf '%f\n' abc inf nan '' 1e400; printf '%a\n' 1
