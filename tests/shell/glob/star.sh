cd /tmp; touch b a c .h; mkdir d; touch d/e; echo *; echo d/*; echo */; echo */*; echo .*
