using System.Text;
using CsCheck;
using WanTalk.Core.Errors;
using WanTalk.Core.Intake;
using WanTalk.Core.Talks;

namespace WanTalk.Core.Tests.Intake;

public class TalkJsonSpecs
{
    [Fact]
    public void Every_field_comes_through()
    {
        var problems = new List<TalkError>();
        var draft = TalkJson.Read(
            """
            {
              "image_url": "https://example.com/p.png", "audio_url": "https://example.com/s.wav", "width": 832, "height": 480, "seed": 9007199254740991,
              "prompt": "hi", "continuity": "takes", "take_seconds": 12.5, "workflow": {"1": {}}, "preset": "fast", "steps": 4, "cfg": 1.5,
              "blocks_to_swap": "auto", "tiled_vae": true, "scheduler": null, "negative_prompt": "blur", "audio_start": 1.5, "audio_end": 9,
              "num_frames": 175, "webhook_url": "https://example.com/hook", "webhook_events": ["talk.progress"], "metadata": {"order": "7"},
              "expires_in": 86400
            }
            """u8.ToArray(),
            problems);

        Assert.Empty(problems);
        Assert.Equal(("https://example.com/p.png", "https://example.com/s.wav"), (draft.PortraitUrl, draft.SpeechUrl));
        Assert.Equal((832, 480, 9007199254740991L, "hi"), (draft.Width, draft.Height, draft.Seed, draft.Prompt));
        Assert.Equal(("takes", 12.5, """{"1": {}}"""), (draft.Continuity, draft.TakeSeconds, draft.Workflow));
        Assert.Equal((4, 1.5, true, null), (draft.Sampling.Steps, draft.Sampling.Cfg, draft.Sampling.TiledVae, draft.Sampling.Scheduler));
        Assert.Equal(("blur", 1.5, 9.0, 175, 86400L), (draft.NegativePrompt, draft.AudioStart, draft.AudioEnd, draft.NumFrames, draft.ExpiresIn));
        Assert.Equal(("https://example.com/hook", "talk.progress", "7"), (draft.WebhookUrl, draft.WebhookEvents![0], draft.Metadata!["order"]));
    }

    [Fact]
    public void A_form_says_the_same_in_texts()
    {
        var (problems, draft) = (new List<TalkError>(), new TalkDraft());
        foreach (var (name, text) in new[]
        {
            ("width", "832"), ("seed", "7"), ("take_seconds", "12.5"), ("prompt", "7"), ("webhook_events", """["talk.failed"]"""),
            ("metadata", """{"a": "b"}"""), ("steps", "4"), ("tiled_vae", "true"), ("continuity", ""), ("workflow", """{"1": {}}"""),
        })
        {
            draft = TalkField.ReadText(draft, name, text, problems);
        }

        Assert.Empty(problems);
        Assert.Equal((832, 7L, 12.5, "7", null), (draft.Width, draft.Seed, draft.TakeSeconds, draft.Prompt, draft.Continuity));
        Assert.Equal(("talk.failed", "b", 4, true), (draft.WebhookEvents![0], draft.Metadata!["a"], draft.Sampling.Steps, draft.Sampling.TiledVae));
        Assert.Equal("""{"1": {}}""", draft.Workflow);
    }

    [Theory]
    [InlineData("width", "wide")]
    [InlineData("width", "640 480")]
    [InlineData("metadata", """{"a": 1}""")]
    [InlineData("metadata", "[")]
    [InlineData("webhook_events", """["\ud800"]""")]
    [InlineData("expires_in", "1.5")]
    [InlineData("sede", "1")]
    public void What_a_form_has_wrong_is_told(string name, string text)
    {
        var problems = new List<TalkError>();
        Assert.Equal(new TalkDraft(), TalkField.ReadText(new TalkDraft(), name, text, problems));
        Assert.Contains(name, Assert.Single(problems).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"width": "640"}""", "The field 'width' is 640. Give a whole number.")]
    [InlineData("""{"width": 640.5}""", "The field 'width' is 640.5. Give a whole number.")]
    [InlineData("""{"seed": 1e99}""", "The field 'seed' is 1e99. Give a whole number.")]
    [InlineData("""{"take_seconds": [1]}""", "The field 'take_seconds' is [1]. Give a number of seconds.")]
    [InlineData("""{"image_url": {}}""", "The field 'image_url' is {}. Give a text.")]
    [InlineData("""{"steps": "many"}""", "The setting steps is 'many'.")]
    [InlineData("""{"seed": 1, "seed": 2}""", "The field 'seed' is there twice.")]
    [InlineData("""{"sede": 1}""", "There is no field 'sede'. The fields are image_url,")]
    [InlineData("""{"seed": 1""", "The request is no JSON (line 1, byte 11).")]
    [InlineData("12", "The request is a JSON number.")]
    [InlineData("", "The request is no JSON")]
    public void What_is_wrong_is_told(string body, string message)
    {
        var problems = new List<TalkError>();
        TalkJson.Read(Encoding.UTF8.GetBytes(body), problems);

        Assert.StartsWith(message, Assert.Single(problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_bytes_come_they_are_read_or_refused() => Gen.OneOf(Gen.Byte.Array[0, 60], JsonLike).Sample(
        body =>
        {
            var problems = new List<TalkError>();
            var draft = TalkJson.Read(body, problems);
            Assert.NotNull(draft);
            Assert.All(problems, problem => Assert.Equal(ErrorKind.Input, ErrorCatalog.KindOf(problem.Code)));
        },
        iter: 5_000);

    /// <summary>An object of known and unknown fields with values of every kind, sometimes cut off.</summary>
    private static Gen<byte[]> JsonLike { get; } = Gen.Select(
        Gen.Select(
            AnyOf("image_url", "width", "seed", "take_seconds", "workflow", "steps", "tiled_vae", "x", "é", "\\ud800"),
            AnyOf("1", "-0.5", "1e400", "null", "true", "\"text\"", "\"\\ud800\"", "[[[]]]", "{\"a\":{}}", "nul"),
            (name, value) => $"\"{name}\":{value}").Array[0, 6],
        Gen.Int[0, 3],
        (members, cut) =>
        {
            var text = $"{{{string.Join(",", members)}}}";
            return Encoding.UTF8.GetBytes(cut == 0 ? text[..(text.Length / 2)] : text);
        });

    private static Gen<string> AnyOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(at => texts[at]);
}
