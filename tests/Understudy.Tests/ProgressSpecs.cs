using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using WanTalk.Understudy.Execution;

namespace WanTalk.Understudy.Tests;

/// <summary>Which movements of a bar are told.</summary>
public sealed class ProgressSpecs
{
    private readonly FakeTimeProvider _time = new();
    private readonly Ear _ear = new();
    private readonly PromptProgress _progress;

    public ProgressSpecs() => _progress = new PromptProgress(new PromptItem(0, "p", [], [], []), _ear, _time);

    [Fact]
    public void The_first_and_the_last_movement_are_told_and_none_in_between_that_comes_too_soon()
    {
        _progress.Start("1");
        for (var i = 1; i <= 1000; i++)
            _progress.Move("1", i, 1000, preview: null);

        Assert.Equal([1, 1000], _ear.Told);
    }

    [Fact]
    public void A_movement_needs_a_tenth_of_a_second_and_half_a_percent()
    {
        _progress.Start("1");
        _progress.Move("1", 1, 1000, preview: null);
        Move(by: 100, to: 4);
        Move(by: 0, to: 6);
        Move(by: 99, to: 50);
        Move(by: 1, to: 51);

        Assert.Equal([1, 6, 51], _ear.Told);
    }

    [Fact]
    public void A_movement_with_a_preview_is_always_told()
    {
        _progress.Start("1");
        for (var i = 1; i <= 5; i++)
            _progress.Move("1", i, 1000, preview: [1]);

        Assert.Equal([1, 2, 3, 4, 5], _ear.Told);
        Assert.Equal(5, _ear.Binaries);
    }

    private void Move(int by, double to)
    {
        _time.Advance(TimeSpan.FromMilliseconds(by));
        _progress.Move("1", to, 1000, preview: null);
    }

    private sealed class Ear : IMessageSender
    {
        public List<double> Told { get; } = [];

        public int Binaries { get; private set; }

        public bool IsHeard(string? clientId) => true;

        public bool WantsPreviewMetadata(string? clientId) => false;

        public void Send(string? clientId, string type, JsonObject data)
        {
            if (type == "progress")
                Told.Add((double)data["value"]!);
        }

        public void SendBinary(string? clientId, byte[] message) => Binaries++;
    }
}
