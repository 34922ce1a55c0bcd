"""Draw the pictures of the documentation (`docs/images`), from what pods on a mock really did.

python tools/draw_images.py
"""

import sys
import tempfile
from pathlib import Path

from podlab import plots
from podlab.clusters.mock import Mock
from podlab.lab import Lab

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"

SHOP = """\
apiVersion: v1
kind: Pod
metadata:
  name: shop
  labels: {app: shop}
spec:
  volumes:
  - name: pages
    emptyDir: {}
  initContainers:
  - name: fetch
    image: busybox:1.37
    command: [sh, -c, "sleep 3; echo hello > /pages/index.html"]
    volumeMounts: [{name: pages, mountPath: /pages}]
  - name: log
    image: busybox:1.37
    restartPolicy: Always
    command: [sh, -c, "touch /pages/log; tail -f /pages/log"]
    volumeMounts: [{name: pages, mountPath: /pages}]
  containers:
  - name: web
    image: busybox:1.37
    command:
    - sh
    - -c
    - |
      echo try >> /pages/tries
      if [ $(wc -l < /pages/tries) -lt 3 ]; then sleep 4; exit 1; fi
      exec httpd -f -p 8080 -h /pages
    ports: [{name: http, containerPort: 8080}]
    readinessProbe: {httpGet: {path: /, port: http}, periodSeconds: 2}
    volumeMounts: [{name: pages, mountPath: /pages}]
---
apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  selector: {app: shop}
  ports: [{port: 80, targetPort: http}]
"""


def main() -> int:
    """Draw them all."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        mock = Mock(Path(folder), pace="virtual")
        mock.up(print)
        try:
            lab = Lab(mock.kubeconfig)
            lab.apply(SHOP)
            lab.wait("pod/shop", lambda pod: pod["status"]["containerStatuses"][0]["restartCount"] == 2, timeout=120)
            lab.wait("pod/shop", "Ready")
            lab.advance(15)
            plots.timeline(lab.timeline("shop")).save(IMAGES / "timeline.svg")
            plots.pod_map(lab.get("pod/shop"), lab.get("services")).save(IMAGES / "map.svg")
        finally:
            mock.down(print)
    return 0


if __name__ == "__main__":
    sys.exit(main())
