// A tour of the API with @kubernetes/client-node, told nothing but a kubeconfig and a namespace. Prints what it saw, as JSON.
import net from 'node:net';
import http from 'node:http';
import { Writable, Readable, PassThrough } from 'node:stream';
import * as k8s from '@kubernetes/client-node';

const [kubeconfig, namespace] = process.argv.slice(2);
const config = new k8s.KubeConfig();
config.loadFromFile(kubeconfig);
const core = config.makeApiClient(k8s.CoreV1Api);
const apps = config.makeApiClient(k8s.AppsV1Api);
const seen = {};

function collect() {
  const chunks = [];
  const stream = new Writable({ write(chunk, _, done) { chunks.push(chunk); done(); } });
  stream.text = () => Buffer.concat(chunks).toString();
  return stream;
}

async function until(condition) {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'c' }, data: { a: '1' } } });
const patch = [{ op: 'replace', path: '/data/a', value: '2' }];
seen.patched = (await core.patchNamespacedConfigMap({ name: 'c', namespace, body: patch })).data;
seen.missing = await core.readNamespacedPod({ name: 'nobody', namespace }).then(() => 0, (error) => error.code);

const pod = {
  metadata: { name: 'node', labels: { app: 'node' } },
  spec: {
    terminationGracePeriodSeconds: 0,
    containers: [{ name: 'c', image: 'busybox:1.37', command: ['sh', '-c', 'echo started; mkdir /w; echo page > /w/index.html; exec httpd -f -p 8080 -h /w'] }],
  },
};
const running = new Promise((resolve, reject) => {
  const phases = [];
  new k8s.Watch(config).watch(`/api/v1/namespaces/${namespace}/pods`, {}, (type, object, event) => {
    phases.push(object.status.phase);
    if (object.status.phase === 'Running') resolve(phases);
  }, (error) => reject(error ?? new Error('the watch ended'))).then((request) => { seen.abort = () => request.abort(); });
});
await core.createNamespacedPod({ namespace, body: pod });
seen.phases = await running;
await until(() => seen.abort);
seen.abort();
delete seen.abort;

const log = collect();
await new k8s.Log(config).log(namespace, 'node', 'c', log, { follow: false });
await until(() => log.text());
seen.log = log.text();

const echoed = collect();
const echo = await new k8s.Exec(config).exec(namespace, 'node', 'c', ['cat'], echoed, null, Readable.from(['from node\n']), false);
await until(() => echoed.text());
echo.close();
seen.echoed = echoed.text();

const out = collect();
const err = collect();
seen.status = await new Promise((resolve, reject) => {
  new k8s.Exec(config).exec(namespace, 'node', 'c', ['sh', '-c', 'echo warning >&2; echo done; exit 5'], out, err, null, false, resolve).catch(reject);
});
seen.out = out.text();
seen.err = err.text();

const forward = new k8s.PortForward(config);
const server = net.createServer((socket) => { forward.portForward(namespace, 'node', [8080], socket, null, socket); });
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
seen.page = await new Promise((resolve, reject) => {
  http.get({ host: '127.0.0.1', port: server.address().port, path: '/', agent: false }, (answer) => {
    let text = '';
    answer.on('data', (chunk) => { text += chunk; });
    answer.on('end', () => resolve(text));
  }).on('error', reject);
});
server.close();

const informed = new Promise((resolve) => {
  const informer = k8s.makeInformer(config, `/api/v1/namespaces/${namespace}/configmaps`, () => core.listNamespacedConfigMap({ namespace }));
  informer.on('add', (object) => { if (object.metadata.name === 'c') { informer.stop(); resolve(object.data); } });
  informer.start();
});
seen.informed = await informed;

await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'gone' } } });
await core.deleteCollectionNamespacedConfigMap({ namespace, fieldSelector: 'metadata.name=gone' });
seen.left = (await core.listNamespacedConfigMap({ namespace })).items.map((each) => each.metadata.name);

const template = { metadata: { labels: { app: 'scaled' } }, spec: pod.spec };
const spec = { replicas: 0, selector: { matchLabels: { app: 'scaled' } }, template };
await apps.createNamespacedDeployment({ namespace, body: { metadata: { name: 'scaled' }, spec } });
const scale = await apps.readNamespacedDeploymentScale({ name: 'scaled', namespace });
scale.spec.replicas = 2;
delete scale.metadata.resourceVersion;  // its status may have been written meanwhile
seen.scaled = (await apps.replaceNamespacedDeploymentScale({ name: 'scaled', namespace, body: scale })).spec.replicas;
await apps.deleteNamespacedDeployment({ name: 'scaled', namespace });

const deployments = await apps.listNamespacedDeployment({ namespace });
seen.deployments = deployments.items.length;
await core.deleteNamespacedPod({ name: 'node', namespace });
console.log(JSON.stringify(seen));
process.exit(0);
