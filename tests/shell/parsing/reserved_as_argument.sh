echo if then else fi do done case esac { } ! for in while until function
