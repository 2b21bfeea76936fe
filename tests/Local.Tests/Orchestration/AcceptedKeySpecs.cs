using WanTalk.Core.Errors;
using WanTalk.Core.Orchestration;
using WanTalk.Core.Owners;
using WanTalk.Core.Talks;

namespace WanTalk.Local.Tests.Orchestration;

/// <summary>A host dies while it accepts a request, and its caller sends it again under the same idempotency key.</summary>
public sealed class AcceptedKeySpecs
{
    private const string Key = "of-a-request-that-was-being-accepted";

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Where_nobody_else_accepts_talks_it_is_accepted_at_once()
    {
        await using var host = await TalkHost.StartAsync();
        await DieWhileAcceptingAsync(host);

        var (talk, again) = await AcceptAsync(host, aloneSince: host.Clock.GetUtcNow());

        Assert.False(again);
        Assert.NotNull(await new TalkReader(host.Store, host.Durable.Client).ReadAsync(talk, TestEnd));
        Assert.Equal((talk, true), await AcceptAsync(host, aloneSince: host.Clock.GetUtcNow()));
    }

    [Fact]
    public async Task Where_others_do_it_may_be_under_way_and_is_waited_for()
    {
        await using var host = await TalkHost.StartAsync();
        await DieWhileAcceptingAsync(host);

        var refused = await Assert.ThrowsAsync<TalkException>(() => AcceptAsync(host, aloneSince: null));

        Assert.Equal(ErrorCode.IdempotencyConflict, refused.Error.Code);
    }

    /// <summary>What is left: a key that leads to a talk which never came.</summary>
    private static async Task DieWhileAcceptingAsync(TalkHost host)
    {
        var entry = new IdempotencyEntry(TalkId.New(), "", host.Clock.GetUtcNow());
        Assert.Null(await host.Index.ClaimKeyAsync(Caller.Everybody.Name, Key, entry, TestEnd));
        host.Clock.Advance(TimeSpan.FromSeconds(1));
    }

    private static Task<(string Talk, bool Again)> AcceptAsync(TalkHost host, DateTimeOffset? aloneSince)
    {
        var draft = new TalkDraft
        {
            Portrait = new InputFacts("portrait.png", 8, new byte[] { 0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A }),
            Speech = new InputFacts("speech.wav", 12, "RIFF\0\0\0\0WAVE"u8.ToArray()),
            Seed = 5,
        };
        var talks = new OwnedTalks(
            new TalkIntake(host.Store, host.Durable.Client, new WaitRules()), host.Control,
            new TalkReader(host.Store, host.Durable.Client), host.Index, host.Clock, aloneSince);
        var inputs = new TalkInputs(draft, () => new MemoryStream([1]), () => new MemoryStream([2]));
        return talks.AcceptAsync(Caller.Everybody, TalkIntake.Check(draft, host.Clock, out _)!, inputs, Key, TestEnd);
    }
}
