using System.Net;
using Testbed.Conformance.Claims;

namespace Testbed.Server.Planning.Exposure;

/// <summary>What all exposure tests have in common: the kit that calls, and what it must know.</summary>
internal sealed class ExposureDraft(PlanDraft draft, Nef nef, string kit)
{
    public PlanDraft Draft => draft;
    public Nef Nef => nef;
    /// <summary>The kit that calls and takes notifications.</summary>
    public string Kit => kit;
    public Uri? Capif => draft.Claim.Exposure?.CapifRoot;
    public Uri? Camara => draft.Claim.Exposure?.CamaraQualityOnDemand;

    /// <summary>Null when the claim has no NEF or no kit could call it: then what is missing is said.</summary>
    public static ExposureDraft? Of(PlanDraft draft, string[] requirements)
    {
        if (draft.Claim.Exposure is not { } exposure || !draft.Wants(requirements)) return null;
        if (exposure.Nef is not { Apis.Count: > 0 } nef)
        {
            draft.Omit("exposure", "声明未给出 NEF 及其接口", "the claim names no NEF with its APIs", requirements);
            return null;
        }
        if (KitFor(draft, nef.Root) is { } kit) return new(draft, nef, kit);
        draft.Omit("exposure", $"没有套件能到达 {nef.Root.Host}", $"no kit is near {nef.Root.Host}", requirements);
        return null;
    }

    public bool Offers(string api) => nef.Apis.Contains(api, StringComparer.Ordinal);

    public PlanTask Task(string kind, int seconds, params (string Name, object Value)[] parameters) =>
        draft.Task(kind, kit, seconds,
        [
            ("root", nef.Root.AbsoluteUri), ("tokenEndpoint", nef.TokenEndpoint.AbsoluteUri),
            ("clientId", nef.ClientId), ("secret", nef.Secret), ("afId", nef.AfId), ("ca", draft.ExposureCa),
            ("apis", string.Join(',', nef.Apis)), ("capif", Capif?.AbsoluteUri ?? ""),
            ("camara", Camara?.AbsoluteUri ?? ""), .. parameters,
        ]);

    /// <summary>The kit on the NEF's own network; for a name, the one at N3, whose clock stamps the packets.</summary>
    private static string? KitFor(PlanDraft draft, Uri root)
    {
        string[] kits = [.. draft.Claim.Taps.OrderBy(tap => tap.Point == "n3" ? 0 : 1).Select(tap => tap.Kit)
            .Concat(draft.Claim.Endpoints.Where(each => each.Role != "ue").Select(each => each.Kit)).Distinct()];
        if (!IPAddress.TryParse(root.Host.Trim('[', ']'), out IPAddress? address)) return kits.FirstOrDefault();
        return kits.Select(kit => (Kit: kit, Near: draft.Kits.Near(kit, address)))
            .Where(each => each.Near is not null)
            .OrderByDescending(each => SharedBits(each.Near!, address)).Select(each => each.Kit).FirstOrDefault();
    }

    private static int SharedBits(IPAddress one, IPAddress other)
    {
        byte[] left = one.GetAddressBytes(), right = other.GetAddressBytes();
        int bits = 0;
        while (bits < left.Length * 8 && ((left[bits / 8] ^ right[bits / 8]) & (0x80 >> (bits % 8))) == 0) bits++;
        return bits;
    }
}
