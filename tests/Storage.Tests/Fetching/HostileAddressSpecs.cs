using System.Net;
using System.Net.Sockets;
using CsCheck;
using WanTalk.Core.Errors;
using WanTalk.Core.Fetching;
using WanTalk.Storage.Fetching;

namespace WanTalk.Storage.Tests.Fetching;

/// <summary>Addresses by which a caller would have us ask our own network, our cloud's metadata, or our disk.</summary>
public sealed class HostileAddressSpecs
{
    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    public static TheoryData<string> Hostile => [.. HostileAddresses.All];

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task Nothing_is_connected_to(string address)
    {
        var network = HostileAddresses.Network();
        using var fetcher = new GuardedFetcher(new FetchOptions(), TimeProvider.System, network);

        var refused = await Assert.ThrowsAsync<TalkException>(
            () => fetcher.FetchAsync(new Uri(address), new MemoryStream(), 100, TestEnd));
        Assert.True(refused.Error.Code == ErrorCode.AddressForbidden, refused.Message);
        Assert.Empty(network.Connected);
        Assert.DoesNotContain("hunter2", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_address_of_a_special_network_is_refused_in_every_form_that_carries_it()
    {
        string[] special = ["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3"];
        Gen.Select(Gen.Int[0, special.Length - 1], Gen.UInt, Gen.Int[0, 5]).Sample(
            (which, host, form) =>
            {
                var parsed = IPNetwork.Parse(special[which]);
                var mask = uint.MaxValue >> parsed.PrefixLength;
                var number = NumberOf(parsed.BaseAddress) | (host & mask);
                return Refused(form switch
                {
                    0 => $"http://{number}/",
                    1 => $"http://0x{number:x}/",
                    2 => $"http://0{Convert.ToString(number, 8)}/",
                    3 => $"http://[::ffff:{number >> 16:x}:{number & 0xffff:x}]/",
                    4 => $"http://[64:ff9b::{number >> 16:x}:{number & 0xffff:x}]/",
                    _ => $"http://[2002:{number >> 16:x}:{number & 0xffff:x}::1]/",
                });
            },
            iter: 500, threads: 1);

        static uint NumberOf(IPAddress address) => System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());
    }

    [Fact]
    public void Of_all_of_IPv6_only_what_is_routed_in_public_is_let_through() =>
        Gen.Byte.Array[16].Sample(
            bytes =>
            {
                var address = new IPAddress(bytes);
                return PublicAddresses.Contain(address) == ((bytes[0] & 0xE0) == 0x20) || (bytes[0] is 0x20 or 0x26 or 0x3f);
            },
            iter: 2000, threads: 1);

    [Theory]
    [InlineData("http://8.8.8.8/", "8.8.8.8")]
    [InlineData("https://1.1.1.1/", "1.1.1.1")]
    [InlineData("http://172.15.255.255/", "172.15.255.255")]
    [InlineData("http://172.32.0.0/", "172.32.0.0")]
    [InlineData("http://100.63.255.255:8080/", "100.63.255.255")]
    [InlineData("http://100.128.0.0/", "100.128.0.0")]
    [InlineData("http://168.63.129.17/", "168.63.129.17")]
    [InlineData("http://[2606:4700:4700::1111]/", "2606:4700:4700::1111")]
    [InlineData("http://[64:ff9b::8.8.8.8]/", "64:ff9b::808:808")]
    [InlineData("http://[::ffff:8.8.8.8]/", "::ffff:8.8.8.8")]
    [InlineData("http://mixed.example/", "9.9.9.9")]
    public async Task The_public_internet_is_connected_to_and_of_a_mixed_name_only_what_is_public(string address, string connected)
    {
        var network = new KnownNetwork().With("mixed.example", ["10.0.0.1", "9.9.9.9", "::1"]);
        using var fetcher = new GuardedFetcher(new FetchOptions(), TimeProvider.System, network);
        var refused = await Assert.ThrowsAsync<TalkException>(
            () => fetcher.FetchAsync(new Uri(address), new MemoryStream(), 100, TestEnd));
        Assert.Equal(ErrorCode.InputUnreachable, refused.Error.Code);
        Assert.All(network.Connected, one => Assert.Equal(IPAddress.Parse(connected), one));
        Assert.NotEmpty(network.Connected);
    }

    private static bool Refused(string address)
    {
        var url = new Uri(address);
        return IPAddress.TryParse(url.IdnHost, out var ip) && !PublicAddresses.Contain(ip)
            && ip.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6;
    }
}
