using WanTalk.Storage.Tests;
using WanTalk.Storage.Tests.Children;
using Xunit.MicrosoftTestingPlatform;

return args is ["child", .. var command]
    ? await ChildProgram.RunAsync(command)
    : await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
