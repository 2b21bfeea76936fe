using System.Text;
using CsCheck;
using WanTalk.Core.Errors;
using WanTalk.Core.Intake;

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
              "blocks_to_swap": "auto", "tiled_vae": true, "scheduler": null
            }
            """u8.ToArray(),
            problems);

        Assert.Empty(problems);
        Assert.Equal(("https://example.com/p.png", "https://example.com/s.wav"), (draft.PortraitUrl, draft.SpeechUrl));
        Assert.Equal((832, 480, 9007199254740991L, "hi"), (draft.Width, draft.Height, draft.Seed, draft.Prompt));
        Assert.Equal(("takes", 12.5, """{"1": {}}"""), (draft.Continuity, draft.TakeSeconds, draft.Workflow));
        Assert.Equal((4, 1.5, true, null), (draft.Sampling.Steps, draft.Sampling.Cfg, draft.Sampling.TiledVae, draft.Sampling.Scheduler));
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
