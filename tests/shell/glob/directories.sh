cd /tmp; mkdir -p x/y x/z; touch x/y/f x/z/f; echo x/*/f; echo x/?/f; echo */y/f; echo /tmp/x/y*
