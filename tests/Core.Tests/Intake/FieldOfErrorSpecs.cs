using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using WanTalk.Core.Errors;
using WanTalk.Core.Intake;
using WanTalk.Core.Sampling;
using WanTalk.Core.Talks;

namespace WanTalk.Core.Tests.Intake;

/// <summary>A page that has to say an error beside a field cannot guess which it is.</summary>
public class FieldOfErrorSpecs
{
    private static readonly ErrorCode[] Missing = [ErrorCode.PortraitMissing, ErrorCode.SpeechMissing];

    [Fact]
    public void Whatever_is_wrong_with_a_field_is_told_as_that_fields()
    {
        var fields = Gen.OneOf(
            OneOf([.. TalkField.Own]).SelectMany(field => WrongOf(field).Select(value => (field.Name, value))),
            OneOf([.. SamplingField.All]).SelectMany(field => WrongOf(field).Select(value => (field.Name, value))));
        fields.Sample(
            (name, value) =>
            {
                var problems = ProblemsOf(new JsonObject { [name] = JsonNode.Parse(value) });
                Assert.NotEmpty(problems);
                Assert.All(problems, problem => Assert.Equal(name, problem.Field));
            },
            iter: 2_000);
    }

    [Theory]
    [InlineData("""{"sede":1}""", "sede")]
    [InlineData("""{"width":1536,"height":1536}""", "width")]
    [InlineData("""{"audio_start":5,"audio_end":5}""", "audio_end")]
    [InlineData("""{"continuity":"takes","workflow":{}}""", "workflow", "continuity")]
    [InlineData("""{"preset":"recommended","scheduler":"flowmatch_distill","steps":9}""", "steps")]
    [InlineData("""{"webhook_events":["talk.failed"]}""", "webhook_events")]
    public void What_does_not_go_together_is_told_as_one_of_them(string json, params string[] fields) =>
        Assert.Equal(fields, ProblemsOf(JsonNode.Parse(json)!.AsObject()).Select(problem => problem.Field));

    [Fact]
    public void Missing_inputs_are_told_as_the_fields_of_their_addresses()
    {
        TalkIntake.Check(new TalkDraft(), TimeProvider.System, out var problems);
        Assert.Equal(["image_url", "audio_url"], problems.Select(problem => problem.Field));
    }

    private static List<TalkError> ProblemsOf(JsonObject request)
    {
        var problems = new List<TalkError>();
        var draft = TalkJson.Read(Encoding.UTF8.GetBytes(request.ToJsonString()), problems);
        TalkIntake.Check(draft, TimeProvider.System, out var refused);
        return [.. problems, .. refused.Where(problem => !Missing.Contains(problem.Code))];
    }

    /// <summary>JSON that is none of a field's values.</summary>
    private static Gen<string> WrongOf(TalkField field)
    {
        var kinds = field.Type switch
        {
            "string" => OneOf("7", "true", "{}", "[]"),
            TalkField.Graph => OneOf("7", "true", "{}", "[]", "\"no graph\"", """{"1":{}}"""),
            "array" => OneOf("7", "\"talk.failed\"", "{}", "[1]"),
            "object" => OneOf("7", "\"x\"", "[]", """{"a":1}"""),
            "boolean" => OneOf("7", "\"true\"", "{}"),
            _ => OneOf("\"x\"", "true", "{}", "[1]", "1e300"),
        };
        return (field.Type, field.Most) switch
        {
            ("string", { } most) => Gen.OneOf(kinds, Gen.Int[1, 1_000].Select(more => $"\"{new string('x', (int)most + more)}\"")),
            ("string", _) when field.Choices.Count > 0 => Gen.OneOf(kinds, Gen.Const("\"none of them\"")),
            ("string", _) => Gen.OneOf(kinds, OneOf("\"ftp://example.com/x\"", "\"data:x\"", "\"http://user@example.com/\"", "\"\"")),
            ("integer" or "number", { } most) => Gen.OneOf(kinds, Outside(field.Least ?? 0, most)),
            ("integer" or "number", _) => Gen.OneOf(kinds, Gen.Int[-1_000, -1].Select(number => $"{number}")),
            _ => kinds,
        };
    }

    private static Gen<string> WrongOf(SamplingField field) => field.Range is { } range
        ? Gen.OneOf(OneOf("\"x\"", "{}", "true"), Outside(range.Least, range.Most))
        : Gen.Const("\"../x.gguf\"");

    private static Gen<string> Outside(double least, double most) => Gen.Int[1, 1_000].SelectMany(by =>
        OneOf(Number(Math.Floor(least) - by), Number(Math.Ceiling(most) + by)));

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(at => values[at]);

    private static string Number(double number) => number.ToString("F0", CultureInfo.InvariantCulture);
}
