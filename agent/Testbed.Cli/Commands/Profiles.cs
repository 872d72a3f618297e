using System.Net;
using Testbed.Cli.Output;
using Testbed.Conformance.Profiles;
using Testbed.Server.Planning;

namespace Testbed.Cli.Commands;

/// <summary>The profile that a claim names, or an error that lists those there are.</summary>
internal static class Profiles
{
    public static Profile Require(string reference) => ProfileCatalogue.Find(reference)
        ?? throw CliException.Usage(
            $"没有准则 {reference}；现有：{string.Join(", ", ProfileCatalogue.References)}",
            $"there is no profile {reference}; there are: {string.Join(", ", ProfileCatalogue.References)}",
            $"profile: {ProfileCatalogue.References[0]}");
}

/// <summary>For a dry run: no kit has connected, so an address of one is written as its first possible.</summary>
internal sealed class NoKits : IKitAddresses
{
    public IPAddress? Near(string kit, IPAddress peer) => peer.AddressFamily ==
        System.Net.Sockets.AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any;
}

/// <summary>Where agents dial in when the user names no place: a folder that only this user can enter.</summary>
internal sealed class SocketPlace : IDisposable
{
    private readonly string? _folder;

    private SocketPlace(string path, string? folder) => (Path, _folder) = (path, folder);

    public string Path { get; }

    public static SocketPlace For(string asked)
    {
        if (asked.Length > 0) return new(asked, null);
        string folder = Directory.CreateTempSubdirectory("testbed-").FullName;
        return new(System.IO.Path.Combine(folder, "site.sock"), folder);
    }

    public void Dispose()
    {
        if (_folder is not null) Directory.Delete(_folder, recursive: true);
    }
}
