using System.Globalization;
using Testbed.Lab.Behaviour;
using Testbed.Lab.Behaviour.Security;
using Testbed.Lab.Edge;
using Testbed.Lab.Exposure;
using Testbed.Lab.Exposure.Apis;
using Testbed.Lab.Topology;

namespace Testbed.Lab.Claims;

/// <summary>The claim (lab.yaml) that describes an honest lab; a faulty lab claims the same and falls short.</summary>
internal static class ClaimText
{
    /// <param name="concurrentSessions">What the claim promises for massive connection.</param>
    public static string For(int concurrentSessions, ClaimedSecurity security) =>
        $$"""
        # The rehearsal lab's claim, written by Testbed.Lab. Kits and interfaces: docs/architecture.md.
        schema: testbed.claim/1
        applicant: {name: 5G安全测评演练实验室}
        purpose: self-check
        profile: miit-2022-220@1
        site: {name: 演练实验室, areaKm2: "0.02"}

        network:
          plmn: "00101"
          gnbs: [{name: gnb1, n3: [{{Plan.GnbN3}}], n2: [{{Plan.GnbN2}}]}]
          upfs: [{name: upf1, n3: [{{Plan.UpfN3}}], n4: [{{Plan.UpfN4}}]}]
          core:
            addresses: [{{Plan.SmfN4}}, {{Plan.AmfN2}}]
            ports: [{{Plan.PfcpPort}}/udp, {{Plan.NgapPort}}/sctp]
          n3Protection: {{security.N3Protection}}
          nat: none
          ueToUe: {{security.UeToUe}}
          unsolicitedDownlink: {{security.UnsolicitedDownlink}}

        slices:
        {{Slice(SliceAccess.Embb, SubscriptionPerSlice.EmbbUplinkMbps, SubscriptionPerSlice.EmbbDownlinkMbps)}}
        {{Slice(SliceAccess.Iot, SubscriptionPerSlice.IotMbps, SubscriptionPerSlice.IotMbps)}}

        edge:
          - name: mec1
            address: {{Plan.EdgeHost}}
            app: {{Plan.EdgeApp}}
            dns: {{Plan.EdgeHost}}
            mec011: "https://{{Plan.EdgeHost}}:{{Plan.MecPort}}/mec_service_mgmt/v1"
            mec013: "https://{{Plan.EdgeHost}}:{{Plan.MecPort}}/location/v2"
            token: env:{{MecPlatform.TokenVariable}}
            ca: {{LabAccess.CaFile}}
            dnai: {{Plan.EdgeDnai}}

        exposure:
          nef:
            root: "https://{{Plan.NefAddress}}:{{ExposureServers.NefPort}}"
            tokenEndpoint: "https://{{Plan.NefAddress}}:{{ExposureServers.NefPort}}/oauth2/token"
            clientId: {{LabAccess.AfId}}
            secret: env:{{LabAccess.SecretVariable}}
            ca: {{LabAccess.CaFile}}
            afId: {{LabAccess.AfId}}
            otherAf:
              afId: {{LabAccess.OtherAfId}}
              clientId: {{LabAccess.OtherAfId}}
              secret: env:{{LabAccess.OtherSecretVariable}}
            apis: [as-session-with-qos, traffic-influence, monitoring-event]
            ueGroup: {id: "{{MonitoringEventApi.GroupOf(SliceAccess.Embb)}}", slice: {{SliceAccess.Embb.Name}}}
          capif: {root: "https://{{Plan.NefAddress}}:{{ExposureServers.CapifPort}}"}
          camara: {qualityOnDemand: "https://{{Plan.NefAddress}}:{{ExposureServers.CamaraPort}}/quality-on-demand/v1"}

        taps:
          - {point: n3, kit: kit-a, interface: n3u}
          - {point: n6, kit: kit-a, interface: n6au, slices: [embb]}
          - {point: n6, kit: kit-a, interface: n6bu, slices: [iot]}
          - {point: n6-edge, kit: kit-a, interface: n6eu, slices: [embb]}
          - {point: n4, kit: kit-a, interface: n4u}
          - {point: n2, kit: kit-a, interface: n2u}
        endpoints:
          - {role: ue, kit: kit-ue, slice: embb, interface: ueA, address: 10.45.0.2, emulated: true,
             attach: "{{Plan.AttachInterface}}"}
          - {role: ue, kit: kit-ue, slice: iot, interface: ueB, address: 10.46.0.2, emulated: true}
          - {role: dn, kit: kit-dna, slice: embb, address: {{Plan.HostA}}}
          - {role: dn, kit: kit-dnb, slice: iot, address: {{Plan.HostB}}}
          - {role: edge, kit: kit-mec, slice: embb, address: {{Plan.EdgeHost}}}

        scenarios:
          - {type: large-bandwidth, slice: embb, dlMbps: "120", ulMbps: "60"}
          - {type: low-latency, slice: embb, to: dn, rttMsP99: "20", jitterMs: "200", upfMsP99: "8", packetBytes: 64}
          - {type: high-reliability, slice: embb, to: dn, ratio: "0.9999", withinMs: "500",
             availability: "0.995", survivalMs: "20"}
          - {type: massive-connection, slice: iot, concurrentSessions: {{concurrentSessions}}, setupSuccess: "0.99"}

        consent: [load, scan, spoof, malformed, n3-active]
        limits: {mbps: "300", sessions: {{Math.Max(1000, 2 * concurrentSessions)}}}

        """;

    private static string Slice(SliceAccess slice, int uplinkMbps, int downlinkMbps) =>
        $"  - {{name: {slice.Name}, sst: {slice.Sst}, sd: \"{slice.Sd:x6}\", dnn: {slice.Dnn}, " +
        $"uePools: [{slice.Pool}], upf: upf1,\n" +
        $"     flows: [{{qfi: {slice.Qfi}, fiveQi: {slice.FiveQi}}}{Dedicated(slice)}{OnDemand(slice)}],\n" +
        $"     sessionAmbrMbps: {{ul: \"{uplinkMbps}\", dl: \"{downlinkMbps}\"}}{Dscp(slice)}{Profile(slice)}}}";

    private static string Dedicated(SliceAccess slice) => slice != SliceAccess.Embb ? "" :
        $",\n       {{qfi: {SubscriptionPerSlice.PriorityQfi}, fiveQi: {SubscriptionPerSlice.PriorityFiveQi}, " +
        $"gfbrMbps: \"{SubscriptionPerSlice.PriorityGfbrMbps}\", " +
        $"mfbrMbps: \"{SubscriptionPerSlice.PriorityMfbrMbps}\", " +
        $"filter: \"{SubscriptionPerSlice.PriorityFilter}\"}}";

    private static string Dscp(SliceAccess slice) => slice != SliceAccess.Embb ? "" :
        $", dscp: {{{slice.Qfi}: 0, {SubscriptionPerSlice.PriorityQfi}: {Marking.Expedited}}}";

    /// <summary>
    /// What slice embb was ordered to be (TS 28.541 §6.3.3): kbit/s, ms, per cent. Within what the lab carries for one
    /// UE.
    /// </summary>
    private static string Profile(SliceAccess slice) => slice != SliceAccess.Embb ? "" :
        $",\n     serviceProfile: {{serviceProfileId: order-{slice.Name}, sST: {slice.Sst},\n"
        + "       dLThptPerUE: {guaThpt: 90000}, uLThptPerUE: {guaThpt: 45000}, dLThptPerSlice: {guaThpt: 90000},\n"
        + "       uLThptPerSlice: {guaThpt: 45000}, dLLatency: 100, uLLatency: 100, reliability: 99}";

    /// <summary>Flows that applications may ask for.</summary>
    private static string OnDemand(SliceAccess slice) => slice != SliceAccess.Embb ? "" : string.Concat(
        QosCatalogue.Offers.Select(offer =>
            $",\n             {{qfi: {offer.Qfi}, fiveQi: {offer.FiveQi}, gfbrMbps: \"{Mbps(offer.Kbps / 2)}\", " +
            $"mfbrMbps: \"{Mbps(offer.Kbps)}\", " +
            (offer.Reference is { } reference ? $"qosReference: {reference}" : $"qosProfile: {offer.Profile}") + "}"));

    private static string Mbps(uint kbps) => (kbps / 1000m).ToString("0.###", CultureInfo.InvariantCulture);
}
