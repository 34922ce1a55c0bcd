"""What the client package's models do not say of a type, as one table: a line a struct, its fields in the order of the Go struct.

The models give names, types and descriptions. Go's order, pointers, widths and named types decide what the server writes and
says: they stand here, for the kinds that the mock serves. A struct that is listed has exactly these fields, those of Kubernetes
1.36 (newer models may know more); one that is not listed keeps its models' fields and order, and the plain rules.

A token is ``name``, then marks, then ``:type``:

``*``  a pointer to a scalar (kept when zero), or, for an ``int``, ``*:int64``
``=``  an optional struct by value: written even when empty
``!``  written even when it is zero or empty (no ``omitempty``)
``?``  left out when empty although the models call it required
``:T`` a named Go type (``v1.`` unless it has a package), ``int64``, or one of Quantity, IntOrString, MicroTime, Bytes, Duration,
       ResourceList (a map of quantities), or ``[]T`` for a list whose items have a name
"""

from typing import Final

META: Final = """
ObjectMeta name generateName namespace selfLink uid:types.UID resourceVersion generation:int64 creationTimestamp deletionTimestamp
    deletionGracePeriodSeconds*:int64 labels annotations ownerReferences finalizers managedFields
OwnerReference apiVersion kind name uid:types.UID controller* blockOwnerDeletion*
ManagedFieldsEntry manager operation:ManagedFieldsOperationType apiVersion time fieldsType fieldsV1:FieldsV1 subresource
ListMeta selfLink resourceVersion continue remainingItemCount*:int64
LabelSelector matchLabels matchExpressions
LabelSelectorRequirement key operator:LabelSelectorOperator values
Condition type status:ConditionStatus observedGeneration:int64 lastTransitionTime reason message
DeleteOptions gracePeriodSeconds*:int64 preconditions orphanDependents* propagationPolicy*:DeletionPropagation dryRun
    ignoreStoreReadErrorWithClusterBreakingPotential*
Preconditions uid*:types.UID resourceVersion*
Status metadata= status message reason:StatusReason details code
StatusDetails name group kind uid:types.UID causes retryAfterSeconds
StatusCause reason:CauseType message field
"""

POD: Final = """
Pod metadata= spec= status=
PodTemplate metadata= template=
PodTemplateSpec metadata= spec=
PodSpec volumes initContainers containers! ephemeralContainers restartPolicy:RestartPolicy terminationGracePeriodSeconds*:int64
    activeDeadlineSeconds*:int64 dnsPolicy:DNSPolicy nodeSelector serviceAccountName serviceAccount automountServiceAccountToken*
    nodeName hostNetwork hostPID hostIPC shareProcessNamespace* securityContext imagePullSecrets hostname subdomain affinity
    schedulerName tolerations hostAliases priorityClassName priority* dnsConfig readinessGates runtimeClassName*
    enableServiceLinks* preemptionPolicy*:PreemptionPolicy overhead:ResourceList topologySpreadConstraints setHostnameAsFQDN* os
    hostUsers* schedulingGates resourceClaims resources hostnameOverride* schedulingGroup
Container name image? command args workingDir ports envFrom env resources= resizePolicy restartPolicy*:ContainerRestartPolicy
    restartPolicyRules volumeMounts volumeDevices livenessProbe readinessProbe startupProbe lifecycle terminationMessagePath
    terminationMessagePolicy:TerminationMessagePolicy imagePullPolicy:PullPolicy securityContext stdin stdinOnce tty
EphemeralContainer name image? command args workingDir ports envFrom env resources= resizePolicy
    restartPolicy*:ContainerRestartPolicy restartPolicyRules volumeMounts volumeDevices livenessProbe readinessProbe startupProbe
    lifecycle terminationMessagePath terminationMessagePolicy:TerminationMessagePolicy imagePullPolicy:PullPolicy securityContext
    stdin stdinOnce tty targetContainerName
ContainerPort name hostPort containerPort protocol:Protocol hostIP
ContainerResizePolicy resourceName:ResourceName restartPolicy:ResourceResizeRestartPolicy
ContainerRestartRule action:ContainerRestartRuleAction exitCodes
ContainerRestartRuleOnExitCodes operator:ContainerRestartRuleOnExitCodesOperator values
EnvFromSource prefix configMapRef secretRef
ConfigMapEnvSource name optional*
SecretEnvSource name optional*
EnvVar name value valueFrom
EnvVarSource fieldRef resourceFieldRef configMapKeyRef secretKeyRef fileKeyRef
ObjectFieldSelector apiVersion fieldPath
ResourceFieldSelector containerName resource divisor=:Quantity
ConfigMapKeySelector name key optional*
SecretKeySelector name key optional*
FileKeySelector volumeName path key optional*
ResourceRequirements limits:ResourceList requests:ResourceList claims
ResourceClaim name request
VolumeMount name readOnly recursiveReadOnly*:RecursiveReadOnlyMode mountPath subPath mountPropagation*:MountPropagationMode
    subPathExpr
VolumeDevice name devicePath
Probe exec httpGet tcpSocket grpc initialDelaySeconds timeoutSeconds periodSeconds successThreshold failureThreshold
    terminationGracePeriodSeconds*:int64
ExecAction command
HTTPGetAction path port:IntOrString host scheme:URIScheme httpHeaders
HTTPHeader name value
TCPSocketAction port:IntOrString host
GRPCAction port service*!
SleepAction seconds:int64
Lifecycle postStart preStop stopSignal*:Signal
LifecycleHandler exec httpGet tcpSocket sleep
SecurityContext capabilities privileged* seLinuxOptions windowsOptions runAsUser*:int64 runAsGroup*:int64 runAsNonRoot*
    readOnlyRootFilesystem* allowPrivilegeEscalation* procMount*:ProcMountType seccompProfile appArmorProfile
Capabilities add:[]Capability drop:[]Capability
SELinuxOptions user role type level
WindowsSecurityContextOptions gmsaCredentialSpecName* gmsaCredentialSpec* runAsUserName* hostProcess*
SeccompProfile type:SeccompProfileType localhostProfile*
AppArmorProfile type:AppArmorProfileType localhostProfile*
PodSecurityContext seLinuxOptions windowsOptions runAsUser*:int64 runAsGroup*:int64 runAsNonRoot* supplementalGroups:[]int64
    supplementalGroupsPolicy*:SupplementalGroupsPolicy fsGroup*:int64 sysctls fsGroupChangePolicy*:PodFSGroupChangePolicy
    seccompProfile appArmorProfile seLinuxChangePolicy*:PodSELinuxChangePolicy
Sysctl name value
LocalObjectReference name
Affinity nodeAffinity podAffinity podAntiAffinity
NodeAffinity requiredDuringSchedulingIgnoredDuringExecution preferredDuringSchedulingIgnoredDuringExecution
NodeSelector nodeSelectorTerms
NodeSelectorTerm matchExpressions matchFields
NodeSelectorRequirement key operator:NodeSelectorOperator values
PreferredSchedulingTerm weight preference
PodAffinity requiredDuringSchedulingIgnoredDuringExecution preferredDuringSchedulingIgnoredDuringExecution
PodAntiAffinity requiredDuringSchedulingIgnoredDuringExecution preferredDuringSchedulingIgnoredDuringExecution
PodAffinityTerm labelSelector namespaces topologyKey namespaceSelector matchLabelKeys mismatchLabelKeys
WeightedPodAffinityTerm weight podAffinityTerm
Toleration key operator:TolerationOperator value effect:TaintEffect tolerationSeconds*:int64
HostAlias ip hostnames
PodDNSConfig nameservers searches options
PodDNSConfigOption name value*
PodReadinessGate conditionType:PodConditionType
TopologySpreadConstraint maxSkew topologyKey whenUnsatisfiable:UnsatisfiableConstraintAction labelSelector minDomains*
    nodeAffinityPolicy*:NodeInclusionPolicy nodeTaintsPolicy*:NodeInclusionPolicy matchLabelKeys
PodOS name:OSName
PodSchedulingGate name
PodResourceClaim name resourceClaimName* resourceClaimTemplateName*
PodStatus observedGeneration:int64 phase:PodPhase conditions message reason nominatedNodeName hostIP hostIPs podIP podIPs
    startTime initContainerStatuses containerStatuses qosClass:PodQOSClass ephemeralContainerStatuses resize:PodResizeStatus
    resourceClaimStatuses extendedResourceClaimStatus allocatedResources:ResourceList resources
PodCondition type:PodConditionType observedGeneration:int64 status:ConditionStatus lastProbeTime! lastTransitionTime! reason
    message
HostIP ip
PodIP ip?
ContainerStatus name state= lastState= ready restartCount image imageID containerID started* allocatedResources:ResourceList
    resources volumeMounts user allocatedResourcesStatus stopSignal*:Signal
ContainerState waiting running terminated
ContainerStateWaiting reason message
ContainerStateRunning startedAt!
ContainerStateTerminated exitCode signal reason message startedAt! finishedAt! containerID
VolumeMountStatus name mountPath readOnly recursiveReadOnly*:RecursiveReadOnlyMode
ContainerUser linux
LinuxContainerUser uid:int64 gid:int64 supplementalGroups:[]int64
PodResourceClaimStatus name resourceClaimName*
Binding metadata= target
"""

VOLUMES: Final = """
Volume name hostPath emptyDir gcePersistentDisk awsElasticBlockStore gitRepo secret nfs iscsi glusterfs persistentVolumeClaim rbd
    flexVolume cinder cephfs flocker downwardAPI fc azureFile configMap vsphereVolume quobyte azureDisk photonPersistentDisk
    projected portworxVolume scaleIO storageos csi ephemeral image
EmptyDirVolumeSource medium:StorageMedium sizeLimit:Quantity
GCEPersistentDiskVolumeSource pdName fsType partition readOnly
AWSElasticBlockStoreVolumeSource volumeID fsType partition readOnly
ISCSIVolumeSource targetPortal iqn lun iscsiInterface fsType readOnly portals chapAuthDiscovery chapAuthSession secretRef
    initiatorName*
GlusterfsVolumeSource endpoints path readOnly
RBDVolumeSource monitors image fsType pool user keyring secretRef readOnly
FlexVolumeSource driver fsType secretRef readOnly options
CinderVolumeSource volumeID fsType readOnly secretRef
CephFSVolumeSource monitors path user secretFile secretRef readOnly
FCVolumeSource targetWWNs lun* fsType readOnly wwids
AzureFileVolumeSource secretName shareName readOnly
AzureDiskVolumeSource diskName diskURI cachingMode*:AzureDataDiskCachingMode fsType* readOnly* kind*:AzureDataDiskKind
VsphereVirtualDiskVolumeSource volumePath fsType storagePolicyName storagePolicyID
QuobyteVolumeSource registry volume readOnly user group tenant
PhotonPersistentDiskVolumeSource pdID fsType
PortworxVolumeSource volumeID fsType readOnly
ScaleIOVolumeSource gateway system secretRef*! sslEnabled protectionDomain storagePool storageMode volumeName fsType readOnly
StorageOSVolumeSource volumeName volumeNamespace fsType readOnly secretRef
PodCertificateProjection signerName keyType maxExpirationSeconds* credentialBundlePath keyPath certificateChainPath
    userAnnotations
HostPathVolumeSource path type*:HostPathType
SecretVolumeSource secretName items defaultMode* optional*
ConfigMapVolumeSource name items defaultMode* optional*
KeyToPath key path mode*
DownwardAPIVolumeSource items defaultMode*
DownwardAPIVolumeFile path fieldRef resourceFieldRef mode*
ProjectedVolumeSource sources! defaultMode*
VolumeProjection secret downwardAPI configMap serviceAccountToken clusterTrustBundle podCertificate
SecretProjection name items optional*
ConfigMapProjection name items optional*
DownwardAPIProjection items
ServiceAccountTokenProjection audience expirationSeconds*:int64 path
ClusterTrustBundleProjection name* signerName* labelSelector optional* path
PersistentVolumeClaimVolumeSource claimName readOnly
EphemeralVolumeSource volumeClaimTemplate
PersistentVolumeClaimTemplate metadata= spec
NFSVolumeSource server path readOnly
CSIVolumeSource driver readOnly* fsType* volumeAttributes nodePublishSecretRef
ImageVolumeSource reference pullPolicy:PullPolicy
GitRepoVolumeSource repository revision directory
PersistentVolume metadata= spec= status=
PersistentVolumeSpec capacity:ResourceList gcePersistentDisk awsElasticBlockStore hostPath glusterfs nfs rbd iscsi cinder cephfs
    fc flocker flexVolume azureFile vsphereVolume quobyte azureDisk photonPersistentDisk portworxVolume scaleIO local storageos
    csi accessModes:[]PersistentVolumeAccessMode claimRef persistentVolumeReclaimPolicy:PersistentVolumeReclaimPolicy
    storageClassName mountOptions volumeMode*:PersistentVolumeMode nodeAffinity volumeAttributesClassName*
LocalVolumeSource path fsType*
VolumeNodeAffinity required
PersistentVolumeStatus phase:PersistentVolumePhase message reason lastPhaseTransitionTime
PersistentVolumeClaim metadata= spec= status=
PersistentVolumeClaimSpec accessModes:[]PersistentVolumeAccessMode selector resources= volumeName storageClassName*
    volumeMode*:PersistentVolumeMode dataSource dataSourceRef volumeAttributesClassName*
VolumeResourceRequirements limits:ResourceList requests:ResourceList
PersistentVolumeClaimStatus phase:PersistentVolumeClaimPhase accessModes:[]PersistentVolumeAccessMode capacity:ResourceList
    conditions allocatedResources:ResourceList allocatedResourceStatuses currentVolumeAttributesClassName* modifyVolumeStatus
PersistentVolumeClaimCondition type:PersistentVolumeClaimConditionType status:ConditionStatus lastProbeTime! lastTransitionTime!
    reason message
TypedLocalObjectReference apiGroup*! kind name
TypedObjectReference apiGroup*! kind name namespace*
ObjectReference kind namespace name uid:types.UID apiVersion resourceVersion fieldPath
SecretReference name namespace
StorageClass metadata= provisioner parameters reclaimPolicy*:v1.PersistentVolumeReclaimPolicy mountOptions allowVolumeExpansion*
    volumeBindingMode*:VolumeBindingMode allowedTopologies
TopologySelectorTerm matchLabelExpressions
TopologySelectorLabelRequirement key values
"""

CORE: Final = """
Service metadata= spec= status=
ServiceSpec ports selector clusterIP clusterIPs type:ServiceType externalIPs sessionAffinity:ServiceAffinity loadBalancerIP
    loadBalancerSourceRanges externalName externalTrafficPolicy:ServiceExternalTrafficPolicy healthCheckNodePort
    publishNotReadyAddresses sessionAffinityConfig ipFamilies:[]IPFamily ipFamilyPolicy*:IPFamilyPolicy
    allocateLoadBalancerNodePorts* loadBalancerClass* internalTrafficPolicy*:ServiceInternalTrafficPolicy trafficDistribution*
ServicePort name protocol:Protocol appProtocol* port targetPort=:IntOrString nodePort
SessionAffinityConfig clientIP
ClientIPConfig timeoutSeconds*
ServiceStatus loadBalancer= conditions
LoadBalancerStatus ingress
LoadBalancerIngress ip hostname ipMode*:LoadBalancerIPMode ports
PortStatus port protocol:Protocol error*
ConfigMap metadata= immutable* data binaryData
Secret metadata= immutable* data stringData type:SecretType
Namespace metadata= spec= status=
NamespaceSpec finalizers:[]FinalizerName
NamespaceStatus phase:NamespacePhase conditions
NamespaceCondition type:NamespaceConditionType status:ConditionStatus lastTransitionTime! reason message
ServiceAccount metadata= secrets imagePullSecrets automountServiceAccountToken*
Node metadata= spec= status=
NodeSpec podCIDR podCIDRs providerID unschedulable taints configSource externalID
Taint key value effect:TaintEffect timeAdded
NodeStatus capacity:ResourceList allocatable:ResourceList phase:NodePhase conditions addresses daemonEndpoints= nodeInfo= images
    volumesInUse:[]UniqueVolumeName volumesAttached config runtimeHandlers features declaredFeatures
NodeCondition type:NodeConditionType status:ConditionStatus lastHeartbeatTime! lastTransitionTime! reason message
NodeAddress type:NodeAddressType address
NodeDaemonEndpoints kubeletEndpoint=
DaemonEndpoint Port
NodeSystemInfo machineID systemUUID bootID kernelVersion osImage containerRuntimeVersion kubeletVersion kubeProxyVersion
    operatingSystem architecture swap
ContainerImage names! sizeBytes:int64
AttachedVolume name:UniqueVolumeName devicePath
CoreV1Event metadata involvedObject reason message source= firstTimestamp! lastTimestamp! count type eventTime!:MicroTime series
    action related reportingComponent! reportingInstance!
CoreV1EventSeries count lastObservedTime:MicroTime
EventSource component host
EventsV1Event metadata= eventTime!:MicroTime series reportingController reportingInstance action reason regarding= related note
    type deprecatedSource= deprecatedFirstTimestamp! deprecatedLastTimestamp! deprecatedCount
EventsV1EventSeries count lastObservedTime:MicroTime
Endpoints metadata= subsets
EndpointSubset addresses notReadyAddresses ports
EndpointAddress ip hostname nodeName* targetRef
CoreV1EndpointPort name port protocol:Protocol appProtocol*
EndpointSlice metadata= addressType:AddressType endpoints ports!
Endpoint addresses conditions= hostname* targetRef deprecatedTopology nodeName* zone* hints
EndpointConditions ready* serving* terminating*
EndpointHints forZones forNodes
DiscoveryV1EndpointPort name* protocol*:v1.Protocol port* appProtocol*
ResourceQuota metadata= spec= status=
ResourceQuotaSpec hard:ResourceList scopes:[]ResourceQuotaScope scopeSelector
ResourceQuotaStatus hard:ResourceList used:ResourceList
ScopeSelector matchExpressions
ScopedResourceSelectorRequirement scopeName:ResourceQuotaScope operator:ScopeSelectorOperator values
LimitRange metadata= spec=
LimitRangeSpec limits
LimitRangeItem type:LimitType max:ResourceList min:ResourceList default:ResourceList defaultRequest:ResourceList
    maxLimitRequestRatio:ResourceList
ReplicationController metadata= spec= status=
ReplicationControllerSpec replicas* minReadySeconds selector template
ReplicationControllerStatus replicas fullyLabeledReplicas readyReplicas availableReplicas observedGeneration:int64 conditions
"""

WORKLOADS: Final = """
Deployment metadata= spec= status=
DeploymentSpec replicas* selector* template strategy= minReadySeconds revisionHistoryLimit* paused progressDeadlineSeconds*
DeploymentStrategy type:DeploymentStrategyType rollingUpdate
RollingUpdateDeployment maxUnavailable:IntOrString maxSurge:IntOrString
DeploymentStatus observedGeneration:int64 replicas updatedReplicas readyReplicas availableReplicas unavailableReplicas
    terminatingReplicas* conditions collisionCount*
DeploymentCondition type!:DeploymentConditionType status!:v1.ConditionStatus lastUpdateTime! lastTransitionTime! reason message
ReplicaSet metadata= spec= status=
ReplicaSetSpec replicas* minReadySeconds selector* template=
ReplicaSetStatus replicas fullyLabeledReplicas readyReplicas availableReplicas terminatingReplicas* observedGeneration:int64
    conditions
ReplicaSetCondition type!:ReplicaSetConditionType status!:v1.ConditionStatus lastTransitionTime! reason message
StatefulSet metadata= spec= status=
StatefulSetSpec replicas* selector* template volumeClaimTemplates serviceName! podManagementPolicy:PodManagementPolicyType
    updateStrategy= revisionHistoryLimit* minReadySeconds persistentVolumeClaimRetentionPolicy ordinals
StatefulSetUpdateStrategy type:StatefulSetUpdateStrategyType rollingUpdate
RollingUpdateStatefulSetStrategy partition* maxUnavailable:IntOrString
StatefulSetPersistentVolumeClaimRetentionPolicy whenDeleted:PersistentVolumeClaimRetentionPolicyType
    whenScaled:PersistentVolumeClaimRetentionPolicyType
StatefulSetOrdinals start!
StatefulSetStatus observedGeneration:int64 replicas readyReplicas currentReplicas updatedReplicas currentRevision updateRevision
    collisionCount* conditions availableReplicas!
StatefulSetCondition type!:StatefulSetConditionType status!:v1.ConditionStatus lastTransitionTime! reason message
DaemonSet metadata= spec= status=
DaemonSetSpec selector* template updateStrategy= minReadySeconds revisionHistoryLimit*
DaemonSetUpdateStrategy type:DaemonSetUpdateStrategyType rollingUpdate
RollingUpdateDaemonSet maxUnavailable:IntOrString maxSurge:IntOrString
DaemonSetStatus currentNumberScheduled numberMisscheduled desiredNumberScheduled numberReady observedGeneration:int64
    updatedNumberScheduled numberAvailable numberUnavailable collisionCount* conditions
DaemonSetCondition type!:DaemonSetConditionType status!:v1.ConditionStatus lastTransitionTime! reason message
ControllerRevision metadata= data revision!:int64
Job metadata= spec= status=
JobSpec parallelism* completions* activeDeadlineSeconds*:int64 podFailurePolicy successPolicy backoffLimit* backoffLimitPerIndex*
    maxFailedIndexes* selector manualSelector* template ttlSecondsAfterFinished* completionMode*:CompletionMode suspend*
    podReplacementPolicy*:PodReplacementPolicy managedBy*
PodFailurePolicy rules
PodFailurePolicyRule action:PodFailurePolicyAction onExitCodes onPodConditions
PodFailurePolicyOnExitCodesRequirement containerName* operator:PodFailurePolicyOnExitCodesOperator values
PodFailurePolicyOnPodConditionsPattern type:v1.PodConditionType status:v1.ConditionStatus
SuccessPolicy rules
SuccessPolicyRule succeededIndexes* succeededCount*
JobStatus conditions startTime completionTime active succeeded failed terminating* completedIndexes failedIndexes*
    uncountedTerminatedPods ready*
JobCondition type:JobConditionType status:v1.ConditionStatus lastProbeTime! lastTransitionTime! reason message
UncountedTerminatedPods succeeded:[]types.UID failed:[]types.UID
CronJob metadata= spec= status=
CronJobSpec schedule timeZone* startingDeadlineSeconds*:int64 concurrencyPolicy:ConcurrencyPolicy suspend* jobTemplate
    successfulJobsHistoryLimit* failedJobsHistoryLimit*
CronJobStatus active lastScheduleTime lastSuccessfulTime
JobTemplateSpec metadata= spec=
"""

POLICIES: Final = """
NetworkPolicy metadata= spec=
NetworkPolicySpec podSelector= ingress egress policyTypes:[]PolicyType
NetworkPolicyIngressRule ports from
NetworkPolicyEgressRule ports to
NetworkPolicyPort protocol*:v1.Protocol port:IntOrString endPort*
NetworkPolicyPeer podSelector namespaceSelector ipBlock
IPBlock cidr except
Ingress metadata= spec= status=
IngressSpec ingressClassName* defaultBackend tls rules
IngressTLS hosts secretName
IngressRule host http
HTTPIngressRuleValue paths
HTTPIngressPath path pathType*:PathType! backend
IngressBackend service resource
IngressServiceBackend name port=
ServiceBackendPort name number
IngressStatus loadBalancer=
IngressLoadBalancerStatus ingress
PodDisruptionBudget metadata= spec= status=
PodDisruptionBudgetSpec minAvailable:IntOrString selector maxUnavailable:IntOrString
    unhealthyPodEvictionPolicy*:UnhealthyPodEvictionPolicyType
PodDisruptionBudgetStatus observedGeneration:int64 disruptedPods disruptionsAllowed! currentHealthy! desiredHealthy! expectedPods!
    conditions
Eviction metadata= deleteOptions
Lease metadata= spec=
LeaseSpec holderIdentity* leaseDurationSeconds* acquireTime:MicroTime renewTime:MicroTime leaseTransitions*
    strategy*:CoordinatedLeaseStrategy preferredHolder*
Role metadata= rules!
ClusterRole metadata= rules! aggregationRule
AggregationRule clusterRoleSelectors
PolicyRule verbs apiGroups resources resourceNames nonResourceURLs
RoleBinding metadata= subjects roleRef
ClusterRoleBinding metadata= subjects roleRef
RbacV1Subject kind apiGroup name namespace
RoleRef apiGroup kind name
PriorityClass metadata= value globalDefault description preemptionPolicy*:v1.PreemptionPolicy
RuntimeClass metadata= handler overhead scheduling
Overhead podFixed:ResourceList
Scale metadata= spec= status=
ScaleSpec replicas
ScaleStatus replicas selector
V2HorizontalPodAutoscaler metadata= spec= status=
V2HorizontalPodAutoscalerSpec scaleTargetRef minReplicas* maxReplicas metrics behavior
V2HorizontalPodAutoscalerStatus observedGeneration*:int64 lastScaleTime currentReplicas desiredReplicas! currentMetrics!
    conditions
V2HorizontalPodAutoscalerCondition type:HorizontalPodAutoscalerConditionType status:v1.ConditionStatus lastTransitionTime! reason
    message
V2CrossVersionObjectReference kind name apiVersion
V2MetricSpec type:MetricSourceType object pods resource containerResource external
V2ResourceMetricSource name:v1.ResourceName target
V2ContainerResourceMetricSource name:v1.ResourceName target container
V2PodsMetricSource metric target
V2ObjectMetricSource describedObject target metric
V2ExternalMetricSource metric target
V2MetricIdentifier name selector
V2MetricTarget type:MetricTargetType value:Quantity averageValue:Quantity averageUtilization*
V2MetricValueStatus value:Quantity averageValue:Quantity averageUtilization*
V2HorizontalPodAutoscalerBehavior scaleUp scaleDown
V2HPAScalingRules stabilizationWindowSeconds* selectPolicy*:ScalingPolicySelect policies tolerance:Quantity
V2HPAScalingPolicy type:HPAScalingPolicyType value periodSeconds
V2MetricStatus type:MetricSourceType object pods resource containerResource external
V2ResourceMetricStatus name:v1.ResourceName current
HorizontalPodAutoscaler metadata= spec= status=
HorizontalPodAutoscalerSpec scaleTargetRef minReplicas* maxReplicas targetCPUUtilizationPercentage*
HorizontalPodAutoscalerStatus observedGeneration*:int64 lastScaleTime currentReplicas desiredReplicas
    currentCPUUtilizationPercentage*
CrossVersionObjectReference kind name apiVersion
CustomResourceDefinition metadata= spec status=
CustomResourceDefinitionSpec group names scope:ResourceScope versions conversion preserveUnknownFields
CustomResourceDefinitionNames plural singular shortNames kind listKind categories
CustomResourceDefinitionVersion name served storage deprecated deprecationWarning* schema subresources additionalPrinterColumns
    selectableFields
CustomResourceValidation openAPIV3Schema
CustomResourceSubresources status scale
CustomResourceSubresourceScale specReplicasPath statusReplicasPath labelSelectorPath*
CustomResourceColumnDefinition name type format description priority jsonPath
CustomResourceConversion strategy:ConversionStrategyType webhook
CustomResourceDefinitionStatus conditions! acceptedNames= storedVersions! observedGeneration:int64
CustomResourceDefinitionCondition type:CustomResourceDefinitionConditionType status:ConditionStatus lastTransitionTime reason
    message observedGeneration:int64
JSONSchemaProps id $schema $ref* description type format title default maximum* exclusiveMaximum minimum* exclusiveMinimum
    maxLength*:int64 minLength*:int64 pattern maxItems*:int64 minItems*:int64 uniqueItems multipleOf* enum maxProperties*:int64
    minProperties*:int64 required items allOf oneOf anyOf not properties additionalProperties patternProperties dependencies
    additionalItems definitions externalDocs example nullable x-kubernetes-preserve-unknown-fields* x-kubernetes-embedded-resource
    x-kubernetes-int-or-string x-kubernetes-list-map-keys x-kubernetes-list-type* x-kubernetes-map-type* x-kubernetes-validations
TokenRequestSpec audiences! expirationSeconds*:int64! boundObjectRef*!
TokenRequestStatus token expirationTimestamp!
AuthenticationV1TokenRequest metadata= spec status=
ResourceAttributes namespace verb group version resource subresource name fieldSelector labelSelector
NonResourceAttributes path verb
SelfSubjectAccessReview metadata= spec status=
SelfSubjectAccessReviewSpec resourceAttributes nonResourceAttributes
SubjectAccessReviewStatus allowed denied reason evaluationError
"""

TABLES: Final = (META, POD, VOLUMES, CORE, WORKLOADS, POLICIES)
